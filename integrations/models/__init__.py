from integrations.models.call_pace import CallPace
from integrations.models.catalog import CatalogImage, CatalogProduct, CatalogVariant
from integrations.models.catalog_picture import CatalogPicture
from integrations.models.catalog_sync import CatalogSync
from integrations.models.connection import Connection
from integrations.models.image_verdict import ImageVerdict
from integrations.models.inbound_delivery import InboundDelivery
from integrations.models.inbound_hook import InboundHook
from integrations.models.publication import Publication
from integrations.models.publication_attempt import PublicationAttempt
from integrations.models.publish_run import PublishRun
from integrations.models.sign_in_request import SignInRequest
from integrations.models.superseded_image import SupersededImage

__all__ = [
    "CallPace",
    "CatalogImage",
    "CatalogPicture",
    "CatalogProduct",
    "CatalogSync",
    "CatalogVariant",
    "Connection",
    "ImageVerdict",
    "InboundDelivery",
    "InboundHook",
    "Publication",
    "PublicationAttempt",
    "PublishRun",
    "SignInRequest",
    "SupersededImage",
]
