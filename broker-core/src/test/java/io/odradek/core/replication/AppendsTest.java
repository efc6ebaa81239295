package io.odradek.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.partition.FollowerLog.Position;
import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.replication.Appends.Done;
import io.odradek.core.replication.Appends.Work;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** On whose thread the work on logs is done, with one owner that is idle. */
class AppendsTest {
    private final SimulatedWorld world = new SimulatedWorld(1);
    private final IdleOwner owner = new IdleOwner();
    private final List<String> heard = new ArrayList<>();

    /** Runs what is brought on the bringer's thread, and leaves to its own what is posted. */
    private static final class IdleOwner implements OwnerLoop {
        private final Queue<Runnable> posted = new ArrayDeque<>();
        private int executed;

        @Override
        public void execute(Runnable task) {
            executed++;
            task.run();
        }

        @Override
        public void post(Runnable task) {
            posted.add(task);
        }

        @Override
        public EventLoop.Timeout schedule(long delayMs, Runnable task) {
            throw new AssertionError("No timers here");
        }

        @Override
        public boolean inLoop() {
            return false;
        }
    }

    private void start(Reaction reaction) {
        Appends appends = new Appends(new PartitionOwners(List.of(owner)), world.newLoop("fetchers"), world.clock());
        Copy copy = new Copy(new TopicPartition("t", 0), new Uuid(0, 1), 3, new Position(0, 5, 2));
        appends.start(List.of(Work.of(copy, reaction)), new Appends.Listener() {
            @Override
            public void served() {
                heard.add("served");
            }

            @Override
            public void done(List<Done> all) {
                heard.add("done");
            }
        });
        world.runUntilIdle();
    }

    @Test
    void recordsAreAppendedByWhoeverBringsThem() {
        start(new Reaction.Append(null));
        assertThat(owner.executed).isEqualTo(1);
        assertThat(heard).containsExactly("served", "done");
    }

    @Test
    void aLogIsCutByItsOwnersThreadWhichMayWaitForTheDisk() {
        for (Reaction cut : List.of(new Reaction.CutTo(3), new Reaction.StartAt(9), new Reaction.CutAt(null))) {
            start(cut);
        }
        assertThat(owner.executed).isZero();
        assertThat(heard).isEmpty();
        owner.posted.forEach(Runnable::run);
        world.runUntilIdle();
        assertThat(heard).hasSize(6);
    }
}
