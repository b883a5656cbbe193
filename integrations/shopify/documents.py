"""Every GraphQL document that is sent to Shopify. A test validates each against Shopify's own schema."""

from __future__ import annotations

_MEDIA = """__typename id alt status mediaErrors { code message details }
        ... on MediaImage { updatedAt mimeType image { url } }"""
_PRODUCT = "id title handle status hasOnlyDefaultVariant onlineStoreUrl legacyResourceId"

SCOPES = """query Scopes {
  shop { name myshopifyDomain }
  currentAppInstallation { accessScopes { handle } }
}"""

COUNT = """query Count($query: String) { productsCount(query: $query, limit: null) { count } }"""

# Sizes that keep a page under the 1,000 points that one query may cost.
PRODUCTS = f"""query Products($after: String, $query: String) {{
  products(first: 10, after: $after, query: $query, sortKey: ID) {{
    nodes {{
      {_PRODUCT}
      media(first: 10) {{ nodes {{ {_MEDIA} }} pageInfo {{ hasNextPage endCursor }} }}
      variants(first: 10) {{
        nodes {{ id title sku barcode position media(first: 1) {{ nodes {{ id }} }} }}
        pageInfo {{ hasNextPage endCursor }}
      }}
    }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""

PRODUCT = f"""query Product($id: ID!) {{
  product(id: $id) {{
    {_PRODUCT}
    media(first: 50) {{ nodes {{ {_MEDIA} }} pageInfo {{ hasNextPage endCursor }} }}
    variants(first: 50) {{
      nodes {{ id title sku barcode position media(first: 1) {{ nodes {{ id }} }} }}
      pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}"""

MORE_MEDIA = f"""query MoreMedia($id: ID!, $after: String) {{
  product(id: $id) {{
    media(first: 100, after: $after) {{ nodes {{ {_MEDIA} }} pageInfo {{ hasNextPage endCursor }} }}
  }}
}}"""

MORE_VARIANTS = """query MoreVariants($id: ID!, $after: String) {
  product(id: $id) {
    variants(first: 100, after: $after) {
      nodes { id title sku barcode position media(first: 1) { nodes { id } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""

EXISTING = """query Existing($ids: [ID!]!) { nodes(ids: $ids) { id } }"""

BULK = """mutation Bulk($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: true) {
    bulkOperation { id status }
    userErrors { code field message }
  }
}"""

BULK_STATUS = """query BulkStatus($id: ID!) {
  bulkOperation(id: $id) { id status errorCode rootObjectCount url }
}"""


def bulk_products(search: str) -> str:
    """The inner document of BULK. `search`: without a quotation mark.

    Two levels of connections are all that it may have, so that a variant's image comes by its address.
    """
    arguments = f'(query: "{search}")' if search else ""
    return f"""{{
  products{arguments} {{
    edges {{ node {{
      {_PRODUCT}
      media {{ edges {{ node {{ __typename id alt status ... on MediaImage {{ image {{ url }} }} }} }} }}
      variants {{ edges {{ node {{ id title sku barcode position image {{ url }} }} }} }}
    }} }}
  }}
}}"""


STAGE = """mutation Stage($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) {
    stagedTargets { url resourceUrl parameters { name value } }
    userErrors { field message }
  }
}"""

GALLERY = f"""query Gallery($id: ID!) {{
  product(id: $id) {{
    id onlineStoreUrl legacyResourceId
    media(first: 100) {{ nodes {{ {_MEDIA} }} pageInfo {{ hasNextPage endCursor }} }}
  }}
}}"""

VARIANT = """query Variant($id: ID!) {
  productVariant(id: $id) { id product { id } media(first: 1) { nodes { id } } }
}"""

FILE = """query File($id: ID!) { node(id: $id) { __typename id ... on MediaImage { fileStatus } } }"""

UPDATE_FILE = """mutation UpdateFile($files: [FileUpdateInput!]!) {
  fileUpdate(files: $files) {
    files { id fileStatus }
    userErrors { code field message }
  }
}"""

DELETE_FILES = """mutation DeleteFiles($ids: [ID!]!) {
  fileDelete(fileIds: $ids) { deletedFileIds userErrors { code field message } }
}"""

ADD_MEDIA = """mutation AddMedia($product: ProductUpdateInput!, $media: [CreateMediaInput!]) {
  productUpdate(product: $product, media: $media) {
    product { id }
    userErrors { field message }
  }
}"""

REORDER = """mutation Reorder($id: ID!, $moves: [MoveInput!]!) {
  productReorderMedia(id: $id, moves: $moves) {
    job { id done }
    mediaUserErrors { code field message }
  }
}"""

APPEND_TO_VARIANTS = """mutation AppendToVariants($id: ID!, $media: [ProductVariantAppendMediaInput!]!) {
  productVariantAppendMedia(productId: $id, variantMedia: $media) {
    userErrors { code field message }
  }
}"""

DETACH_FROM_VARIANTS = """mutation DetachFromVariants($id: ID!, $media: [ProductVariantDetachMediaInput!]!) {
  productVariantDetachMedia(productId: $id, variantMedia: $media) {
    userErrors { code field message }
  }
}"""

SUBSCRIPTIONS = """query Subscriptions($after: String) {
  webhookSubscriptions(first: 100, after: $after) {
    nodes { id topic uri }
    pageInfo { hasNextPage endCursor }
  }
}"""

SUBSCRIBE = """mutation Subscribe($topic: WebhookSubscriptionTopic!, $to: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $to) {
    webhookSubscription { id }
    userErrors { field message }
  }
}"""

UNSUBSCRIBE = """mutation Unsubscribe($id: ID!) {
  webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } }
}"""
