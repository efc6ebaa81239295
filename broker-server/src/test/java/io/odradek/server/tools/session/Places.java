package io.odradek.server.tools.session;

import io.odradek.server.embedded.EmbeddedBroker;
import java.nio.file.Path;

/**
 * What a transcript calls {@code localhost:19092}, {@code /var/lib/kafka} and {@code /tmp}.
 *
 * @param address of the broker
 * @param logs its log folder
 * @param files for what the session writes
 */
record Places(String address, Path logs, Path files) {
    private static final String ADDRESS = "localhost:19092";
    private static final String LOGS = "/var/lib/kafka";
    private static final String FILES = "/tmp/";

    /** {@return those of a broker} */
    static Places of(EmbeddedBroker broker, Path files) {
        return new Places(broker.bootstrapServers(), broker.logFolder(), files);
    }

    /** {@return what was typed, with where it really is} */
    String real(String word) {
        return word.replace(ADDRESS, address).replace(FILES, files + "/").replace(LOGS, logs.toString());
    }

    /** {@return what was printed, with what the transcript calls it} */
    String named(String output) {
        return output.replace(logs.toString(), LOGS).replace(files + "/", FILES).replace(address, ADDRESS);
    }
}
