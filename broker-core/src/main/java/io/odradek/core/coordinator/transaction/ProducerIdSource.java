package io.odradek.core.coordinator.transaction;

import java.util.concurrent.CompletionStage;

/** Where new producer ids come from. */
public interface ProducerIdSource {
    /** {@return an id that nobody has or had; on any thread, and failed if there is none within a while} */
    CompletionStage<Long> next();
}
