package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.env.MovableClock;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.ThreadEventLoop;
import io.odradek.storage.env.Guests;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimeWalkTest {
    private static final long MS = 1_000_000;
    private static final long MINUTE_MS = 60_000;

    private final MovableClock clock = MovableClock.fromNow();
    private final ThreadEventLoop one =
            new ThreadEventLoop("one", true, new Guests(clock, new SecureRandoms())).start();
    private final ThreadEventLoop other =
            new ThreadEventLoop("other", true, new Guests(clock, new SecureRandoms())).start();
    private final TimeWalk walk = new TimeWalk(clock, () -> List.of(one, other));
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    @Test
    void whatIsDueIsDoneInTheOrderOfTimeOnWhateverLoop() {
        one.schedule(30 * MINUTE_MS, () -> done.add("third"));
        other.schedule(20 * MINUTE_MS, () -> done.add("second"));
        one.schedule(10 * MINUTE_MS, () -> done.add("first"));
        one.schedule(61 * MINUTE_MS, () -> done.add("too early"));
        walk.by(60 * MINUTE_MS * MS);
        assertThat(done).containsExactly("first", "second", "third");
    }

    @Test
    void whatFollowsFromItIsDoneOnTheSameWayIfItsTimeComes() {
        one.schedule(
                10 * MINUTE_MS,
                () -> other.post(() -> other.schedule(10 * MINUTE_MS, () -> {
                    done.add("follows");
                    one.post(() -> one.schedule(30 * MINUTE_MS, () -> done.add("follows from that")));
                    one.post(() -> one.schedule(45 * MINUTE_MS, () -> done.add("too early")));
                })));
        walk.by(60 * MINUTE_MS * MS);
        assertThat(done).containsExactly("follows", "follows from that");
    }

    @Test
    void whatIsHandedBackAndForthIsWaitedFor() {
        AtomicInteger left = new AtomicInteger(50);
        one.schedule(MINUTE_MS, () -> handOver(left));
        walk.by(2 * MINUTE_MS * MS);
        assertThat(done).containsExactly("handed over");
    }

    private void handOver(AtomicInteger left) {
        if (left.decrementAndGet() == 0) {
            done.add("handed over");
        } else {
            (left.get() % 2 == 0 ? one : other).post(() -> handOver(left));
        }
    }

    @Test
    void loopsThatAreNeverDoneDoNotHoldItUp() {
        Runnable[] again = new Runnable[1];
        again[0] = () -> one.post(again[0]);
        one.post(again[0]);
        other.schedule(MINUTE_MS, () -> done.add("done"));
        walk.by(2 * MINUTE_MS * MS);
        again[0] = () -> {};
        assertThat(done).containsExactly("done");
    }
}
