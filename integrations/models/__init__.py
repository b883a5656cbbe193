from integrations.models.catalog import CatalogImage, CatalogProduct, CatalogVariant
from integrations.models.catalog_sync import CatalogSync
from integrations.models.connection import Connection

__all__ = ["CatalogImage", "CatalogProduct", "CatalogSync", "CatalogVariant", "Connection"]
