using EdgeGw.Worker;

return args switch
{
    ["worker", .. var rest] => await WorkerProcess.RunAsync(rest).ConfigureAwait(false),
    ["scout", .. var rest] => ScoutProcess.Run(rest),
    _ => 2,
};
