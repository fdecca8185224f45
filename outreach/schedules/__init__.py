"""What operations write: campaign and creditor files, read into typed campaigns with every mistake explained."""

from outreach.documents.problem import Problem, Severity, has_errors
from outreach.schedules.campaigns import parse_campaign
from outreach.schedules.canonical import campaign_from_json, campaign_to_json, with_version
from outreach.schedules.creditors import CreditorFile, load_creditors
from outreach.schedules.directory import LoadResult, load_campaigns
from outreach.schedules.schema import creditors_json_schema, json_schema
from outreach.schedules.templates import TemplateChecker, TemplateFinding, check_templates

__all__ = [
    "CreditorFile",
    "LoadResult",
    "Problem",
    "Severity",
    "TemplateChecker",
    "TemplateFinding",
    "campaign_from_json",
    "campaign_to_json",
    "check_templates",
    "creditors_json_schema",
    "has_errors",
    "json_schema",
    "load_campaigns",
    "load_creditors",
    "parse_campaign",
    "with_version",
]
