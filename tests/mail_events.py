"""Delivery reports as Event Grid puts them into a storage queue, in both schemas."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tests.examples import NOON

TYPE = "Microsoft.Communication.EmailDeliveryReportReceived"
RESOURCE = "/subscriptions/x/resourcegroups/x/providers/microsoft.communication/y"


def report_data(
    operation_id: str, recipient: str, status: str = "Delivered", at: datetime = NOON
) -> dict[str, Any]:
    """`data` of the event, as documented; Microsoft's clock has seven digits."""
    return {
        "sender": "news@contoso.example",
        "recipient": recipient,
        "internetMessageId": f"<{operation_id}@contoso.example>",
        "messageId": operation_id,
        "status": status,
        "deliveryStatusDetails": {
            "statusMessage": f"550 5.1.1 {recipient} unknown",
            "recipientMailServerHostName": "mx.example.com",
        },
        "deliveryAttemptTimeStamp": f"{at:%Y-%m-%dT%H:%M:%S}.2855749+00:00",
    }


def event_grid_event(data: Any, event_type: str = TYPE) -> str:
    """https://learn.microsoft.com/azure/event-grid/event-schema"""
    return json.dumps(
        {
            "id": "00000000-aaaa-bbbb-cccc-000000000001",
            "topic": RESOURCE,
            "subject": f"sender/{_of(data, 'sender')}/message/{_of(data, 'messageId')}",
            "data": data,
            "eventType": event_type,
            "dataVersion": "1.0",
            "metadataVersion": "1",
            "eventTime": "2026-11-22T12:00:01.822Z",
        }
    )


def cloud_event(data: Any, event_type: str = TYPE) -> str:
    """https://learn.microsoft.com/azure/event-grid/cloud-event-schema"""
    return json.dumps(
        {
            "id": "00000000-aaaa-bbbb-cccc-000000000001",
            "source": RESOURCE,
            "subject": f"sender/{_of(data, 'sender')}/message/{_of(data, 'messageId')}",
            "data": data,
            "type": event_type,
            "time": "2026-11-22T12:00:01.822Z",
            "specversion": "1.0",
        }
    )


SCHEMAS: Mapping[str, Callable[..., str]] = {
    "Event Grid": event_grid_event,
    "CloudEvents": cloud_event,
}


def _of(data: Any, name: str) -> str:
    return str(data.get(name, "")) if isinstance(data, dict) else ""
