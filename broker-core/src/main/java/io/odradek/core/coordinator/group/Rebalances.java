package io.odradek.core.coordinator.group;

import io.odradek.core.coordinator.group.Group.RebalanceTimers;
import io.odradek.core.coordinator.runtime.CoordinatorRecord;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import io.odradek.protocol.wire.WireReader;
import io.odradek.storage.env.FewLines;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The course of a rebalance: when it begins, whom it waits for, how it ends in a new generation. The first rebalance of an
 * empty group waits for {@code group.initial.rebalance.delay.ms}, and again as long as new members come, up to the rebalance
 * timeout (KIP-134); later ones wait until all members have joined again or the longest rebalance timeout has passed.
 */
final class Rebalances {
    private static final Logger LOG = LoggerFactory.getLogger(Rebalances.class);
    private static final int MOST_LINES = 100;
    private static final long LINES_INTERVAL_MS = 10_000;

    private final Services services;
    private final GroupDirectory directory;
    private final Sessions sessions;
    private final FewLines lines;

    Rebalances(Services services, GroupDirectory directory) {
        this.services = services;
        this.directory = directory;
        this.sessions = new Sessions(services, this::expire);
        this.lines = new FewLines(LOG, services.clock(), MOST_LINES, LINES_INTERVAL_MS);
    }

    Sessions sessions() {
        return sessions;
    }

    /** Begins a rebalance unless one is being prepared. */
    void maybePrepare(Group group) {
        if (group.state().mayRebalance()) {
            prepare(group);
        }
    }

    /** Begins a rebalance: those who wait for an assignment are sent back to join again. */
    void prepare(Group group) {
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            resetAssignments(group, ErrorCode.REBALANCE_IN_PROGRESS);
        }
        RebalanceTimers timers = group.timers();
        timers.cancelSync();
        boolean first = group.is(GroupState.EMPTY);
        group.become(GroupState.PREPARING_REBALANCE, services.clock().wallMs());
        if (first) {
            int delayMs = services.settings().initialRebalanceDelayMs();
            timers.inInitialDelay = true;
            timers.newMemberAdded = false;
            timers.initialDelayLeftMs = Math.max(group.rebalanceTimeoutMs() - delayMs, 0);
            timers.join = services.context().schedule(delayMs, () -> initialDelayOver(group));
        } else {
            waitForMembers(group);
            maybeComplete(group);
        }
    }

    private void initialDelayOver(Group group) {
        RebalanceTimers timers = group.timers();
        timers.join = null;
        if (timers.newMemberAdded && timers.initialDelayLeftMs > 0) {
            int delayMs = Math.min(services.settings().initialRebalanceDelayMs(), timers.initialDelayLeftMs);
            timers.newMemberAdded = false;
            timers.initialDelayLeftMs -= delayMs;
            timers.join = services.context().schedule(delayMs, () -> initialDelayOver(group));
            return;
        }
        timers.inInitialDelay = false;
        complete(group);
    }

    private void waitForMembers(Group group) {
        group.timers().cancelJoin();
        group.timers().join = services.context().schedule(group.rebalanceTimeoutMs(), () -> complete(group));
    }

    /** Ends the preparation if everyone is there. */
    void maybeComplete(Group group) {
        if (group.is(GroupState.PREPARING_REBALANCE) && !group.timers().inInitialDelay && group.hasEveryoneJoined()) {
            complete(group);
        }
    }

    /** Ends the preparation with those who have joined; static members may be late (KIP-345). */
    private void complete(Group group) {
        if (!group.is(GroupState.PREPARING_REBALANCE)) {
            return;
        }
        group.timers().cancelJoin();
        for (Member member : new ArrayList<>(group.members())) {
            if (!member.isAwaitingJoin() && !member.isStatic()) {
                group.remove(member);
            }
        }
        if (group.size() > 0 && !group.ensureJoinedLeader()) {
            waitForMembers(group);
            return;
        }
        group.nextGeneration(services.clock().wallMs());
        lines.info("Group " + Quoted.text(group.id()) + " is in generation " + group.generation() + ", "
                + (group.size() == 0
                        ? "without members"
                        : "with " + group.size() + " members and protocol " + Quoted.text(group.protocol())));
        if (group.is(GroupState.EMPTY)) {
            storeEmpty(group);
        } else {
            announce(group);
        }
    }

    private void storeEmpty(Group group) {
        CoordinatorRecord record = GroupRecords.group(group.id(), group.toStored(member -> WireReader.NO_BYTES));
        services.context().append(List.of(record), error -> {
            if (error != ErrorCode.NONE) {
                services.refusals()
                        .warn("That group " + Quoted.text(group.id()) + " is empty could not be stored: " + error);
            }
        });
    }

    private void announce(Group group) {
        for (Member member : group.members()) {
            group.answerJoin(member, JoinResponses.generation(group, member));
            member.isNew(false);
            sessions.touch(group, member);
            group.pendingSync().add(member.id());
        }
        int generation = group.generation();
        group.timers().cancelSync();
        group.timers().sync =
                services.context().schedule(group.rebalanceTimeoutMs(), () -> syncTimeUp(group, generation));
    }

    private void syncTimeUp(Group group, int generation) {
        group.timers().sync = null;
        boolean stillInIt = group.is(GroupState.COMPLETING_REBALANCE) || group.is(GroupState.STABLE);
        if (!stillInIt
                || group.generation() != generation
                || group.pendingSync().isEmpty()) {
            return;
        }
        for (String late : new ArrayList<>(group.pendingSync())) {
            remove(group, group.member(late));
        }
        prepare(group);
    }

    /** A member has sent SyncGroup for the present generation. */
    void synced(Group group, Member member) {
        if (group.pendingSync().remove(member.id()) && group.pendingSync().isEmpty()) {
            group.timers().cancelSync();
        }
    }

    /** Takes assignments back; those who wait for one are answered with the error. */
    void resetAssignments(Group group, ErrorCode error) {
        for (Member member : group.members()) {
            group.assign(member, WireReader.NO_BYTES);
            if (group.answerSync(member, SyncResponses.error(error))) {
                sessions.touch(group, member);
            }
        }
    }

    /** Takes a member out that left or is dead, and lets the others know. */
    void removeAndRebalance(Group group, Member member) {
        remove(group, member);
        if (group.is(GroupState.PREPARING_REBALANCE)) {
            maybeComplete(group);
        } else {
            maybePrepare(group);
        }
    }

    private void remove(Group group, Member member) {
        group.answerJoin(member, JoinResponses.error("", ErrorCode.UNKNOWN_MEMBER_ID));
        group.answerSync(member, SyncResponses.error(ErrorCode.UNKNOWN_MEMBER_ID));
        group.remove(member);
    }

    private void expire(Group group, Member member) {
        lines.info("Member " + Quoted.text(member.id()) + " of group " + Quoted.text(group.id())
                + " shows no sign of life and is removed");
        removeAndRebalance(group, member);
    }

    /** Gives a member id out that its owner is to join with before its session timeout has passed (KIP-394). */
    void addPending(Group group, String memberId, int sessionTimeoutMs) {
        group.addPending(memberId, services.context().schedule(sessionTimeoutMs, () -> removePending(group, memberId)));
    }

    /** Forgets a member id that was given out. {@return whether it was} */
    boolean removePending(Group group, String memberId) {
        if (!group.removePending(memberId)) {
            return false;
        }
        maybeComplete(group);
        directory.dropIfUnused(group.id());
        return true;
    }
}
