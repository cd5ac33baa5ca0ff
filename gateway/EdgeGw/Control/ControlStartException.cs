namespace EdgeGw.Control;

/// <summary>Control cannot start. The message is the one sentence shown to the operator: what, where, what to do.</summary>
internal sealed class ControlStartException(string sentence) : Exception(sentence);
