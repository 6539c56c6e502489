"""What a 360Giving 1.4 package must be, as JSON Schema in our own words.

The standard's own schema comes with no package and is not copied here. Written from it and its documentation: the required
fields, types and patterns of the package and of a grant, organisations in a list and a person as such, codes of its lists, ids with
the publisher's prefix. Stricter than the standard where we know more: no field beside those that we write, a title as short as it
recommends.
"""

from typing import Any

DAY = {"type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$"}
INSTANT = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
URL = {"type": "string", "format": "uri", "pattern": "^https?://"}
ID = {"type": "string", "pattern": r"^360G-[A-Za-z0-9]+-[A-Za-z0-9_.-]+$"}
MONEY = {"type": "number", "minimum": 0, "multipleOf": 0.01}
TEXT = {"type": "string", "minLength": 1}


def _object(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": required | optional,
        "additionalProperties": False,
    }


def _list(of: dict[str, Any], least: int = 1) -> dict[str, Any]:
    return {"type": "array", "minItems": least, "items": of}


WHO = _object({"id": ID, "name": TEXT})
TRANSACTION = _object(
    {
        "id": ID,
        "transactionDate": DAY,
        "currency": {"const": "EUR"},
        "value": {"type": "number"},
        "description": TEXT,
        "provider": ID,
        "recipient": ID,
    }
)
TO_INDIVIDUALS = _object(
    {},
    primaryGrantReason={"type": "string", "pattern": "^GTIR(0[1-9]|1[0-2])0$"},
    secondaryGrantReason={"type": "string", "pattern": "^GTIR(0[1-9]|1[0-2])0$"},
    grantPurpose=_list({"type": "string", "pattern": "^GTIP(0[1-9]|1[0-7])0$"}),
)
GRANT = _object(
    {
        "id": ID,
        "title": {"type": "string", "minLength": 1, "maxLength": 140},
        "description": TEXT,
        "currency": {"const": "EUR"},
        "amountAwarded": MONEY,
        "awardDate": DAY,
        "fundingOrganization": _list(WHO) | {"maxItems": 1},
    },
    amountAppliedFor=MONEY,
    amountDisbursed=MONEY,
    plannedDates=_list(_object({"startDate": DAY, "endDate": DAY})),
    recipientOrganization=_list(WHO) | {"maxItems": 1},
    recipientIndividual=WHO,
    toIndividualsDetails=TO_INDIVIDUALS,
    beneficiaryLocation=_list(_object({"name": TEXT, "countryCode": {"const": "DE"}})),
    locationScope={"enum": ["GLS010", "GLS020", "GLS030", "GLS040", "GLS050", "GLS060", "GLS099"]},
    classifications=_list(_object({"vocabulary": TEXT, "code": TEXT, "title": TEXT})),
    grantProgramme=_list(_object({"code": TEXT, "title": TEXT, "url": URL})),
    fromOpenCall={"enum": ["Yes", "No"]},
    applicationTransaction=_list(TRANSACTION) | {"maxItems": 1},
    commitmentTransaction=_list(TRANSACTION, 0),
    disbursementTransaction=_list(TRANSACTION, 0),
    dateModified=INSTANT,
    dataSource=URL,
) | {"oneOf": [{"required": ["recipientOrganization"]}, {"required": ["recipientIndividual"]}]}
PACKAGE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        {
            "version": {"type": "string", "pattern": r"^\d+\.\d+$"},
            "title": TEXT,
            "publisher": _object({"name": TEXT, "identifier": TEXT, "website": URL}),
            "license": URL,
            "modified": INSTANT,
            "identifier": TEXT,
            "downloadURL": URL,
            "accessURL": URL,
            "grants": _list(GRANT) | {"uniqueItems": True},
        }
    ),
}
