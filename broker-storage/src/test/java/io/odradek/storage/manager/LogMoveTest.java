package io.odradek.storage.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import io.odradek.storage.log.Log;
import io.odradek.storage.log.LogConfig;
import io.odradek.storage.log.LogContext;
import io.odradek.storage.log.LogContext.ProducerLimits;
import io.odradek.storage.log.LogEvents;
import io.odradek.storage.log.LogOpening;
import io.odradek.storage.log.TestBatches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogMoveTest {
    private static final TopicPartition ID = new TopicPartition("events", 0);

    /** Fails where it is told to, as code may that has a fault. */
    private static final class FaultyKeeper implements LogMove.Keeper {
        private final boolean onOwner;
        private final List<RuntimeException> faults = new ArrayList<>();

        FaultyKeeper(boolean onOwner) {
            this.onOwner = onOwner;
        }

        @Override
        public boolean wanted(LogMove move) {
            if (onOwner) {
                throw new IllegalStateException("on the owner's loop");
            }
            return true;
        }

        @Override
        public long nowMs() {
            throw new IllegalStateException("on the copier's loop");
        }

        @Override
        public void broken(LogMove move, RuntimeException fault) {
            faults.add(fault);
        }

        @Override
        public void swap(LogMove move) {
            throw new AssertionError("The move is broken");
        }

        @Override
        public void failed(LogMove move, Log failed, IOException cause) {
            throw new AssertionError("No disk has failed", cause);
        }
    }

    @Test
    void aFaultInAStepOfTheCopierEndsTheMove() throws IOException {
        assertThat(faultsOfAMove(new FaultyKeeper(false)))
                .singleElement()
                .satisfies(fault -> assertThat(fault).hasMessage("on the copier's loop"));
    }

    @Test
    void aFaultInAStepOfTheOwnerEndsTheMove() throws IOException {
        assertThat(faultsOfAMove(new FaultyKeeper(true)))
                .singleElement()
                .satisfies(fault -> assertThat(fault).hasMessage("on the owner's loop"));
    }

    private static List<RuntimeException> faultsOfAMove(FaultyKeeper keeper) throws IOException {
        try (FaultingFileSystem disk = new FaultingFileSystem(1)) {
            SimulatedWorld world = new SimulatedWorld(1);
            LogContext context = new LogContext(
                    disk, world.clock(), world.newRandoms("log"), LogEvents.IMMEDIATE, ProducerLimits.standard());
            Log current = open(context, "/data/one/events-0");
            Log future = open(context, "/data/two/events-0");
            current.append(TestBatches.batch(1_000, "v"), 0, 1_000);
            new LogMove(
                            current,
                            future,
                            world.newLoop("owner"),
                            world.newLoop("copier"),
                            keeper,
                            new SpareBuffer(),
                            new MovePace(world.clock()))
                    .start(false);
            world.runUntilIdle();
            current.close();
            future.close();
            return keeper.faults;
        }
    }

    private static Log open(LogContext context, String folder) throws IOException {
        return Log.open(
                context, LogOpening.create(Path.of(folder), ID, new Uuid(1, 2)), LogConfig.of(Map.of(), Map.of()));
    }
}
