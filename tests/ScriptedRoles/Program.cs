// Plays the roles that control starts, as a test's script says: a stand-in for the worker and the scout with every fault at hand.
// `control` is the real control role in a process of its own, so that a test can kill it.
return args switch
{
    ["worker", ..] => await EdgeGw.ScriptedRoles.ScriptedWorker.RunAsync(args),
    ["scout", ..] => await EdgeGw.ScriptedRoles.ScriptedScout.RunAsync(args),
    ["control", var state, var listen] => await EdgeGw.ScriptedRoles.RealControl.RunAsync(state, listen),
    _ => 2,
};
