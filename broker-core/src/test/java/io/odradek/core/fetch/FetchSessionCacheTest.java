package io.odradek.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.memory.MemoryShare;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FetchSessionCacheTest {
    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final FetchSessionCache cache = new FetchSessionCache(2, world.clock(), world.newRandoms("ids"));

    @Test
    void aFullCacheOfYoungSessionsTakesNoMore() {
        assertThat(consumer(1)).isNotNull();
        assertThat(consumer(1)).isNotNull();
        assertThat(consumer(100)).isNull();
        assertThat(cache.size()).isEqualTo(2);
    }

    @Test
    void theSessionThatWasNotUsedForLongestGoesFirst() {
        FetchSession stale = consumer(1);
        world.advanceMs(10);
        FetchSession used = consumer(1);
        world.advanceMs(FetchSessionCache.EVICTION_MS);
        assertThat(used.begin(1, cache.nowMs())).isTrue();
        used.end();
        assertThat(consumer(1)).isNotNull();
        assertThat(cache.get(stale.id())).isNull();
        assertThat(cache.get(used.id())).isSameAs(used);
    }

    @Test
    void anOldSessionWithFewerPartitionsMakesRoomForOneWithMore() {
        FetchSession small = consumer(3);
        FetchSession large = consumer(5);
        world.advanceMs(FetchSessionCache.EVICTION_MS + 1);
        small.begin(1, cache.nowMs());
        small.end();
        large.begin(1, cache.nowMs());
        large.end();
        assertThat(consumer(3)).isNull();
        assertThat(consumer(4)).isNotNull();
        assertThat(cache.get(small.id())).isNull();
        assertThat(cache.get(large.id())).isSameAs(large);
    }

    @Test
    void aFollowerPushesOutAConsumerHoweverYoungButNoOtherFollower() {
        assertThat(consumer(50)).isNotNull();
        assertThat(consumer(40)).isNotNull();
        assertThat(follower(1)).isNotNull();
        assertThat(follower(1)).isNotNull();
        assertThat(follower(9)).isNull();
        assertThat(consumer(9)).isNull();
    }

    @Test
    void aSessionIsUsedByOneRequestAtATimeWithTheNextEpoch() {
        FetchSession session = consumer(1);
        assertThat(session.begin(2, 0)).isFalse();
        assertThat(session.begin(1, 0)).isTrue();
        assertThat(session.begin(1, 0)).isFalse();
        assertThat(session.begin(2, 0)).isFalse();
        session.end();
        assertThat(session.begin(2, 0)).isTrue();
    }

    @Test
    void anEvictedSessionGivesItsMemoryBackOnceAndTakesNoMore() {
        MemoryShare share = new MemoryShare("share", 10_000);
        FetchSessionCache small = new FetchSessionCache(10, world.clock(), world.newRandoms("small"), share);
        FetchSession first = small.create(false, false, wishes(20));
        first.end();
        assertThat(small.create(false, false, wishes(20)))
                .as("while the first is young")
                .isNull();
        assertThat(first.begin(1, small.nowMs())).isTrue();
        world.advanceMs(FetchSessionCache.EVICTION_MS + 1);
        FetchSession second = small.create(false, false, wishes(20));
        assertThat(second).isNotNull();
        long used = share.usedBytes();
        assertThat(first.update(wishes(25)))
                .as("of a session that was evicted in use")
                .isFalse();
        first.forget(wishes(1).get(0).target());
        first.end();
        small.remove(first.id());
        assertThat(share.usedBytes()).isEqualTo(used);
        small.remove(second.id());
        small.remove(second.id());
        assertThat(share.usedBytes()).isZero();
        assertThat(small.create(false, false, wishes(100)))
                .as("more than there is")
                .isNull();
        assertThat(share.usedBytes()).isZero();
    }

    private FetchSession consumer(int partitions) {
        return create(false, partitions);
    }

    private FetchSession follower(int partitions) {
        return create(true, partitions);
    }

    private FetchSession create(boolean privileged, int partitions) {
        FetchSession session = cache.create(privileged, false, wishes(partitions));
        if (session != null) {
            session.end();
        }
        return session;
    }

    private static List<FetchWish> wishes(int partitions) {
        List<FetchWish> wishes = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            wishes.add(new FetchWish(new FetchTarget("t", Uuid.ZERO, i), 0, 1, -1, -1, -1));
        }
        return wishes;
    }
}
