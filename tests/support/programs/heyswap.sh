# BASE, KEY and IMAGE are set. Prints the address of each image, then the credits that are left.
set -eu
TOKEN=$(curl -sS -H 'Content-Type: application/json' -d "{\"key\": \"$KEY\"}" -X POST "$BASE/api/token" | jq -r '.access_token')
TOKEN=$(curl -sS -X POST "$BASE/api/refresh" -H 'Content-Type: application/json' -H "Authorization: Bearer $TOKEN" | jq -r '.access_token')

remove() {
  curl -sS -X POST "$BASE/api/v1/image/remove-background" -H "Authorization: Bearer $TOKEN" \
    -H 'Content-Type: application/json' -d "{\"input_image\": \"$IMAGE\"$1}" | jq -r '.data.output_image'
}

remove ''
remove ', "output_format": "jpg", "bg_color": "#ff0000"'
for direction in vertical horizontal diagonal-tl-br diagonal-bl-tr; do
  remove ", \"output_format\": \"jpg\", \"bg_gradient\": \"#000000:#ffffff\", \"gradient_direction\": \"$direction\""
done
curl -sS "$BASE/api/v1/user/credits" -H 'Content-Type: application/json' -H "Authorization: Bearer $TOKEN" | jq -r '.credits'
