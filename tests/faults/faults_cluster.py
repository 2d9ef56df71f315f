"""A broker of three nodes that is cut in halves: the smaller one pauses, nothing may be lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.cluster import NODES, Cluster
from faults.namespaces import Unavailable
from faults.registry import Fault, Scene, Surroundings
from support.machine import Machine

QUEUE = "command.posts.create"
PATIENCE_SECONDS, WHOLE_SECONDS = 45, 120


@contextmanager
def _cluster(machine: Machine, folder: Path) -> Iterator[Surroundings]:
    """Without network namespaces it is the shared broker, and `inject` says so."""
    try:
        cluster = Cluster(folder)
    except Unavailable as error:
        yield Surroundings(machine, f"there are no network namespaces to be had: {error}")
        return
    try:
        cluster.serve()
        urls = {"amqp_url": cluster.url, "management_url": cluster.management_url}
        yield Surroundings(dataclasses.replace(machine, **urls), cluster)
    finally:
        cluster.close()


def _check_members(scene: Scene) -> None:
    if isinstance(scene.extra, Cluster):
        members = scene.extra.members_of(scene.world.stack.name, QUEUE)
        if members != NODES:
            scene.problems.append(f"{QUEUE} has {members} members, not {NODES}")


def _heal(scene: Scene, cluster: Cluster) -> None:
    """Until the nodes are one cluster again. Now and then a node that has paused hangs when it comes
    back, in Erlang's `global`, and says nothing: then it is started again, as one would."""
    try:
        cluster.wait_until_whole(PATIENCE_SECONDS)
        return
    except AssertionError:
        silent = [node for node in cluster.nodes if cluster.running_as_seen_by(node) == 0]
        if not silent:
            raise
    for node in silent:
        node.start_again()
        scene.notes.append("a node that hung after the cut was started again")
    cluster.wait_until_whole(WHOLE_SECONDS)


def _cut(scene: Scene) -> None:
    """The node with the leader of a queue is cut off: from the others only, the next time from all."""
    cluster = scene.extra
    if not isinstance(cluster, Cluster):
        scene.problems.append(cluster)
        return
    for turn in range(scene["times"]):
        node = cluster.leader_of(scene.world.stack.name, QUEUE)
        with cluster.in_halves(node, is_unplugged=turn % 2 == 1):
            scene.load.go_on(scene["seconds"])
            left = [each for each in cluster.nodes if each is not node]
            if max(map(cluster.running_as_seen_by, left)) != NODES - 1:
                scene.problems.append("the cut was not noticed")
        _heal(scene, cluster)
        scene.load.go_on(scene["pause"])


FAULTS = [
    Fault(
        name="cluster cut in halves",
        about="three brokers (pause_minority, queues of three copies); the one with the leader is cut"
        " off from the others, then from everybody",
        inject=_cut,
        prepare=_check_members,
        fast={"times": 1, "seconds": 8, "pause": 0},
        full={"times": 6, "seconds": 25, "pause": 10},
        lane="cluster",
        surroundings=_cluster,
    ),
]
