package io.odradek.core.coordinator.group;

import java.util.function.BiConsumer;

/**
 * The sessions of members: a member that shows no sign of life for its session timeout counts as dead, unless it awaits an
 * answer of a rebalance. A new member is given its own time to come for its first generation, answer awaited or not.
 *
 * <p>A sign of life only moves a deadline; the timer is armed again when it fires, so that heartbeats cost no timers.
 */
final class Sessions {
    private static final long NS_PER_MS = 1_000_000;

    private final Services services;
    private final BiConsumer<Group, Member> expired;

    Sessions(Services services, BiConsumer<Group, Member> expired) {
        this.services = services;
        this.expired = expired;
    }

    /** A sign of life. */
    void touch(Group group, Member member) {
        extend(group, member, member.profile().sessionTimeoutMs());
    }

    /** The member has joined for the first time. */
    void begin(Group group, Member member) {
        extend(group, member, services.settings().sessions().newMemberJoinTimeoutMs());
    }

    private void extend(Group group, Member member, int timeoutMs) {
        Member.Session session = member.session();
        session.deadlineNs = services.clock().monotonicNs() + timeoutMs * NS_PER_MS;
        if (session.timer == null) {
            arm(group, member, timeoutMs);
        } else if (session.deadlineNs - session.armedForNs < 0) {
            session.cancel();
            arm(group, member, timeoutMs);
        }
    }

    private void arm(Group group, Member member, long delayMs) {
        Member.Session session = member.session();
        session.armedForNs = session.deadlineNs;
        session.timer = services.context().schedule(delayMs, () -> fired(group, member));
    }

    private void fired(Group group, Member member) {
        Member.Session session = member.session();
        session.timer = null;
        if (group.member(member.id()) != member) {
            return;
        }
        long leftNs = session.deadlineNs - services.clock().monotonicNs();
        if (leftNs > 0) {
            arm(group, member, (leftNs + NS_PER_MS - 1) / NS_PER_MS);
        } else if (member.isNew() || !(member.isAwaitingJoin() || member.isAwaitingSync())) {
            expired.accept(group, member);
        }
    }
}
