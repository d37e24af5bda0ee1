"""`python -m bench.relay.list_relay CONFIG`: a relay by BLPOP, with one more attempt after 429."""

import json
import sys
import time

import httpx

from bench.relay.config import RivalConfig
from bench.relay.hook import QUEUE


def serve(config: RivalConfig) -> None:
    from redis import Redis

    client, http = Redis.from_url(config.redis), httpx.Client()
    while True:
        _, raw = client.blpop([QUEUE])
        chat, text = json.loads(raw)
        answer = http.post(config.send_message, json=config.message(chat, text))
        if answer.status_code == 429:
            time.sleep(answer.json()["parameters"]["retry_after"])
            http.post(config.send_message, json=config.message(chat, text))


if __name__ == "__main__":
    serve(RivalConfig.read(sys.argv[1]))
