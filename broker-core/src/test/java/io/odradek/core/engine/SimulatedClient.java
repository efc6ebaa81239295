package io.odradek.core.engine;

import io.odradek.core.engine.Ledger.Existence;
import io.odradek.core.engine.Ledger.Topic;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** A client on a loop of its own: does one thing after the other, whatever becomes of the broker, until it may rest. */
abstract class SimulatedClient {
    static final List<String> TOPICS = List.of("plain", "small", "many");
    static final int PARTITIONS = 3;
    private static final int LONGEST_PAUSE_MS = 150;
    private static final int LEAVES_ONCE_IN = 40;

    final SimulatedWorld world;
    final Ledger ledger;
    final Random random;
    private final SimulatedBroker broker;
    private final SimulatedLoop loop;
    private boolean resting;
    private int answers;

    SimulatedClient(String name, SimulatedWorld world, SimulatedBroker broker, Ledger ledger) {
        this.world = world;
        this.broker = broker;
        this.ledger = ledger;
        this.random = world.newRandom(name);
        this.loop = world.newLoop(name);
    }

    /** Does the next thing; at its end {@link #pause} is called. */
    protected abstract void act();

    /** Goes on after a while. */
    final void pause() {
        loop.schedule(random.nextInt(LONGEST_PAUSE_MS), () -> {
            if (!resting) {
                act();
            }
        });
    }

    final void rest() {
        resting = true;
    }

    /** {@return how many answers it has got} */
    final int answers() {
        return answers;
    }

    /** @param answered is given the answer, or null if there is none or if this client did not wait for it */
    final void send(ApiKey api, int version, ApiRequest request, Consumer<ApiResponse> answered) {
        boolean[] left = {false};
        SimulatedRequest sent = broker.send(loop, api, version, request, answer -> {
            answers += answer == null ? 0 : 1;
            if (!left[0]) {
                left[0] = true;
                answered.accept(answer);
            }
        });
        if (random.nextInt(LEAVES_ONCE_IN) == 0) {
            loop.schedule(random.nextInt(20), () -> {
                if (!left[0] && !sent.isDone()) {
                    left[0] = true;
                    sent.clientLeft();
                    answered.accept(null);
                }
            });
        }
    }

    /** {@return a topic that is there, as far as is known; null if none is} */
    final Topic somePresent() {
        List<Topic> present = TOPICS.stream()
                .map(ledger::topic)
                .filter(topic -> topic.existence == Existence.PRESENT)
                .toList();
        return present.isEmpty() ? null : present.get(random.nextInt(present.size()));
    }
}
