package io.odradek.core.controller;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the replicas of a partition are, and where they are to be (KIP-455). Immutable.
 *
 * <pre>
 *   settled ── others are wanted ──▶ moving ── those wanted are in sync ──▶ clearing ── the others are gone ──▶ settled
 *                                    ▲    │                                  ▲    │
 *                                    └────┤ still others are wanted          │    │
 *                                         └── cancelled ─────────────────────┘    │
 *                                    ▲                                            │
 *                                    └───────────── others are wanted ────────────┘
 * </pre>
 *
 * While it moves, its replicas are those that it had and those that it is to have. While it clears, it has the replicas that
 * it is to have, and {@code removing} names brokers that may still have a log of it: that is in the tree too, so that a log
 * is deleted where it is not wanted, whoever is controller by then.
 *
 * @param replicas broker ids of its replicas, the preferred leader first
 * @param adding those of them that it has not had before
 * @param removing those of them that it is not to have any more, and the brokers that have yet to delete their logs
 */
public record Assignment(List<Integer> replicas, List<Integer> adding, List<Integer> removing) {
    /** Replicas that stay where they are. */
    static Assignment settled(List<Integer> replicas) {
        return new Assignment(replicas, List.of(), List.of());
    }

    boolean isSettled() {
        return adding.isEmpty() && removing.isEmpty();
    }

    /** {@return whether replicas come or go} */
    boolean isMoving() {
        return !adding.isEmpty() || leaving().size() < removing.size();
    }

    /** {@return whether something is to be done about it that live brokers can do} */
    boolean isUnderWay(Set<Integer> live) {
        return isMoving() || leaving().stream().anyMatch(live::contains);
    }

    /** {@return the replicas to which a move returns that is cancelled} */
    List<Integer> origin() {
        return without(replicas, adding);
    }

    /** {@return the replicas that are wanted} */
    List<Integer> target() {
        return without(replicas, removing);
    }

    /** {@return those of the replicas that it is not to have any more} */
    List<Integer> going() {
        return without(removing, leaving());
    }

    /** {@return the brokers that have yet to delete their logs} */
    List<Integer> leaving() {
        return without(removing, replicas);
    }

    /** {@return this partition on its way to other replicas, from those that it had before any move that is under way} */
    Assignment towards(List<Integer> wanted) {
        List<Integer> origin = origin();
        Set<Integer> all = new LinkedHashSet<>(wanted);
        all.addAll(origin);
        Set<Integer> had = new LinkedHashSet<>(replicas);
        had.addAll(removing);
        List<Integer> now = List.copyOf(all);
        List<Integer> going = new ArrayList<>(without(now, wanted));
        going.addAll(without(had, now));
        return new Assignment(now, without(now, origin), List.copyOf(going));
    }

    /** {@return with the replicas that were wanted and no others: those have yet to delete their logs} */
    Assignment arrived() {
        return new Assignment(target(), List.of(), removing);
    }

    /** {@return without brokers that have deleted their logs, or cannot} */
    Assignment cleared(Collection<Integer> brokers) {
        List<Integer> left = new ArrayList<>(removing);
        left.removeIf(broker -> brokers.contains(broker) && !replicas.contains(broker));
        return new Assignment(replicas, adding, List.copyOf(left));
    }

    private static List<Integer> without(Collection<Integer> some, Collection<Integer> others) {
        List<Integer> rest = new ArrayList<>(some);
        rest.removeAll(others);
        return List.copyOf(rest);
    }
}
