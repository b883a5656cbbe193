from processing.models.asset import Asset
from processing.models.blob import Blob
from processing.models.client_review import ClientAnswer, ClientReview, ClientReviewImage, Verdict
from processing.models.compliance_default import ComplianceDefault
from processing.models.compliance_profile import ComplianceProfile, ComplianceProfileVersion
from processing.models.compliance_waiver import ComplianceWaiver
from processing.models.face_swap import FACE_SWAP, FACE_SWAP_COST, FaceSwap, FaceSwapPolicy
from processing.models.face_swap_account import FaceSwapAccount
from processing.models.image_retention import ImageRetention
from processing.models.job import Job
from processing.models.job_image import JobImage
from processing.models.kept_mask import KeptMask
from processing.models.preset import Preset
from processing.models.space_file import SpaceFile
from processing.models.status import OPEN_STATUSES, STEPS, Status
from processing.models.stored_bytes import StoredBytes
from processing.models.studio_photo import StudioPhoto
from processing.models.version_choice import VersionChoice
from processing.models.worker import Worker

__all__ = [
    "FACE_SWAP",
    "FACE_SWAP_COST",
    "OPEN_STATUSES",
    "STEPS",
    "Asset",
    "Blob",
    "ClientAnswer",
    "ClientReview",
    "ClientReviewImage",
    "ComplianceDefault",
    "ComplianceProfile",
    "ComplianceProfileVersion",
    "ComplianceWaiver",
    "FaceSwap",
    "FaceSwapAccount",
    "FaceSwapPolicy",
    "ImageRetention",
    "Job",
    "JobImage",
    "KeptMask",
    "Preset",
    "SpaceFile",
    "Status",
    "StoredBytes",
    "StudioPhoto",
    "Verdict",
    "VersionChoice",
    "Worker",
]
