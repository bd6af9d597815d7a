"""A development host for the Functions app, for machines that cannot install Core Tools.

It loads the same `function_app.py`, runs HTTP, queue and timer triggers as `host.json` says, and
is never deployed: in Azure the Functions host does this work. Follow the data from `__main__`
through `host` to `http_server`, `queue_listener` and `timer_listener`; all three end in
`invocations`, which calls the app through one of two invokers.

Left out, because this app does not use it: other bindings, streaming, retry policies, past-due
timers, the timers' lock between instances, `functionTimeout`.
"""
