"""What programs may use the API with."""

from django.db.models import F, QuerySet

from accounts.models import ApiToken


def list_tokens() -> QuerySet[ApiToken]:
    """Every token of the API, those that nobody revoked first, then the newest first."""
    return ApiToken.objects.select_related("created_by", "revoked_by").order_by(
        F("revoked_at").asc(nulls_first=True), "-created_at", "-pk"
    )
