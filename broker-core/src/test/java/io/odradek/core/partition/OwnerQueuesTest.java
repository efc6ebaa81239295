package io.odradek.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnerQueuesTest {
    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final PartitionOwners owners = new PartitionOwners(List.of(new SimulatedOwnerLoop(world.newLoop("owner"))));
    private final OwnerQueues queues = new OwnerQueues(owners, world.newLoop("log-io")::post);
    private final List<String> ended = new ArrayList<>();

    @Test
    void whateverABlockingPartThrowsTheQueueGoesOn() {
        submit("error", () -> {}, () -> {
            throw new StackOverflowError("in a test");
        });
        submit("exception", () -> {}, () -> {
            throw new IllegalStateException("in a test");
        });
        submit("good", () -> {}, () -> {});
        world.runUntilIdle();
        assertThat(ended).containsExactly("error failed", "exception failed", "good");
    }

    @Test
    void whateverTheBeginningThrowsTheQueueGoesOn() {
        submit(
                "error",
                () -> {
                    throw new StackOverflowError("in a test");
                },
                () -> {});
        submit("good", () -> {}, () -> {});
        world.runUntilIdle();
        assertThat(ended).containsExactly("error failed", "good");
    }

    private void submit(String name, Runnable begin, OwnerQueues.Blocking blocking) {
        queues.submit(
                owners.owner(0), begin, blocking, failure -> ended.add(failure == null ? name : name + " failed"));
    }
}
