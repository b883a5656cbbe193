from integrations.models.catalog import CatalogImage, CatalogProduct, CatalogVariant
from integrations.models.catalog_sync import CatalogSync
from integrations.models.connection import Connection
from integrations.models.publication import Publication
from integrations.models.publication_attempt import PublicationAttempt
from integrations.models.publish_run import PublishRun

__all__ = [
    "CatalogImage",
    "CatalogProduct",
    "CatalogSync",
    "CatalogVariant",
    "Connection",
    "Publication",
    "PublicationAttempt",
    "PublishRun",
]
