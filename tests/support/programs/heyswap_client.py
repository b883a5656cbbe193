"""BASE, KEY and IMAGE are set. Prints the address of each image, then the credits that are left."""

import os

import requests

BASE = os.environ["BASE"]
session = requests.Session()
session.headers["Content-Type"] = "application/json"
made = session.post(f"{BASE}/api/token", json={"key": os.environ["KEY"]}, timeout=30)
session.headers["Authorization"] = f"Bearer {made.json()['access_token']}"
renewed = session.post(f"{BASE}/api/refresh", timeout=30)
session.headers["Authorization"] = f"Bearer {renewed.json()['access_token']}"


def remove(**fields: str) -> None:
    body = {"input_image": os.environ["IMAGE"], **fields}
    answer = session.post(f"{BASE}/api/v1/image/remove-background", json=body, timeout=300)
    answer.raise_for_status()
    print(answer.json()["data"]["output_image"])


remove()
remove(output_format="jpg", bg_color="#ff0000")
for direction in ("vertical", "horizontal", "diagonal-tl-br", "diagonal-bl-tr"):
    remove(output_format="jpg", bg_gradient="#000000:#ffffff", gradient_direction=direction)
print(session.get(f"{BASE}/api/v1/user/credits", timeout=30).json()["credits"])
