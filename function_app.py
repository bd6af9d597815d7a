"""The endpoints, in the order of the journey."""

import azure.functions as func

from functions import (
    challenge,
    confirm,
    decline,
    describe_form,
    desk,
    follow_up,
    health,
    linkedin_webhook,
    note_mail_report,
    openapi,
    promote,
    reconcile_leads,
    register,
    renew,
    send_confirmation,
    take_in_lead,
    tidy,
    watch_linkedin,
    watch_poison,
    withdraw,
)
from shared import wiring

# A wrong setting or form stops the app here, by name, and not at the first visitor.
wiring.outside()
wiring.count_events()

app = func.FunctionApp()
app.register_functions(describe_form.blueprint)
app.register_functions(challenge.blueprint)
app.register_functions(register.blueprint)
app.register_functions(send_confirmation.blueprint)
app.register_functions(confirm.blueprint)
app.register_functions(promote.blueprint)
app.register_functions(decline.blueprint)
app.register_functions(renew.blueprint)
app.register_functions(follow_up.blueprint)
app.register_functions(withdraw.blueprint)
app.register_functions(note_mail_report.blueprint)
app.register_functions(linkedin_webhook.blueprint)
app.register_functions(take_in_lead.blueprint)
app.register_functions(reconcile_leads.blueprint)
app.register_functions(watch_linkedin.blueprint)
app.register_functions(tidy.blueprint)
app.register_functions(watch_poison.blueprint)
app.register_functions(desk.blueprint)
app.register_functions(health.blueprint)
app.register_functions(openapi.blueprint)
