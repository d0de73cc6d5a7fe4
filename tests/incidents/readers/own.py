"""Documents in the ways that teams write them."""

from typing import Any

DOCUMENTS = {
    "2021-02-03-checkout.md": """---
title: Checkout was slow
date: 2021-02-03
severity: SEV2
authors: [Nok Srisai, Lek]
status: final
timezone: Asia/Bangkok
ticket: OPS-77
---
Requests to the checkout took ten seconds. Nobody lost an order.

## Timeline

- 23:50 — The queue grew.
- **23:58** Alert `queue_depth` fired.
- 00:10-00:40 Workers were added.
  They took a while to start.
- [2021-02-04 01:00 UTC] All clear.
- 6:15 pm: The dashboard was corrected.

## Root cause

The pool was sized for half of the traffic.

## Contributing factors

- No alert looked at the age of the oldest job.
- The runbook named a host that was gone.

## Action items

| Action | Owner | Due | Status |
| --- | --- | --- | --- |
| Alert on the age of the oldest job | nok | 2021-03-01 | Done |
| Size the pool by traffic | @lek | 15 March 2021 | Open |

## What went well

The fallback page worked. Customers were told within minutes.
""",
    "incident-7.md": """+++
title = "Search returned nothing"
date = 2022-05-06
severity = 1
+++

# Search returned nothing

All times are in UTC+7.

### Timeline

#### 14:03 The index was emptied

A job ran with the wrong flag. It had no dry run.

#### 14:20

Search was switched to the old index.

### Follow-ups

- [DONE] Add a dry run to the job
- [TODO] Ask twice before an index is emptied (owner: Nok Srisai, due: 2022-06-01)
- [x] Tell the customers
- [ ] Read the [guide](https://example.org/guide) again.
1. ~~Remove the flag~~

### Lessons learned

Names of flags matter. So do defaults.
""",
    "late.md": """Disk full on the mail host
==========================

**Date:** 10 March 2023
**Severity:** P3
**Authors:** Operations

**Summary:** Mail was held back for an hour. None was lost.

**Trigger:** Logs filled the disk.

**Timeline** (CET)

**10 March 2023**

> 22:00 The disk is at 90 %.
> Nobody is alerted.

**11 March 2023**

> 00:15 Mail stops.
> 01:10 Logs are removed, and mail flows.

**Next steps**

* Alert at 80 % (@nok)
* Rotate logs daily — TODO
""",
}

# What was counted in them by hand, as `truth.json` has it of the samples.
TRUTH: dict[str, dict[str, Any]] = {
    "2021-02-03-checkout.md": {
        "title": "Checkout was slow",
        "date": "2021-02-03",
        "severity": 2,
        "status": "final",
        "authors": "Nok Srisai, Lek",
        "events": [
            ["2021-02-03T16:50Z", "The queue grew."],
            ["2021-02-03T16:58Z", "Alert `queue_depth` fired."],
            ["2021-02-03T17:10Z", "Workers were added. They took a while to start."],
            ["2021-02-04T01:00Z", "All clear."],
            ["2021-02-04T11:15Z", "The dashboard was corrected."],
        ],
        "items": [
            {"title": "Alert on the age of the oldest job", "owner": "nok", "due": "2021-03-01", "done": True},
            {"title": "Size the pool by traffic", "owner": "lek", "due": "2021-03-15"},
        ],
        "causes": ["The pool was sized", "No alert looked at", "The runbook named"],
    },
    "incident-7.md": {
        "title": "Search returned nothing",
        "date": "2022-05-06",
        "severity": 1,
        "events": [
            ["2022-05-06T07:03Z", "The index was emptied"],
            ["2022-05-06T07:20Z", "Search was switched to the old index."],
        ],
        "items": [
            {"title": "Add a dry run to the job", "done": True},
            {"title": "Ask twice before an index is emptied", "owner": "Nok Srisai", "due": "2022-06-01"},
            {"title": "Tell the customers", "done": True},
            {"title": "Read the guide again."},
            {"title": "Remove the flag", "done": True},
        ],
        "causes": [],
    },
    "late.md": {
        "title": "Disk full on the mail host",
        "date": "2023-03-10",
        "severity": 3,
        "authors": "Operations",
        "events": [
            ["2023-03-10T21:00Z", "The disk is at 90 %. Nobody is alerted."],
            ["2023-03-10T23:15Z", "Mail stops."],
            ["2023-03-11T00:10Z", "Logs are removed, and mail flows."],
        ],
        "items": [{"title": "Alert at 80 %", "owner": "nok"}, {"title": "Rotate logs daily"}],
        "causes": ["Logs filled the disk."],
    },
}
