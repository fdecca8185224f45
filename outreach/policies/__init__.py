"""Compliance packs: the law of each place as dated data, and their loader."""

from outreach.policies.loader import BadPacks, LoadedPacks, built_in, load_packs
from outreach.policies.schema import pack_json_schema

__all__ = ["BadPacks", "LoadedPacks", "built_in", "load_packs", "pack_json_schema"]
