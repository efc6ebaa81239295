package io.odradek.server.logging;

import java.io.IOException;
import java.util.logging.FileHandler;

/**
 * The log file of a broker: {@code broker.log0} in the folder of the system property {@code odradek.log.dir}, rotated at 16
 * MiB, the last ten kept ({@code broker.log1} and so on). The system property {@code odradek.log.name} gives another program's
 * file another name than {@code broker}.
 */
public final class BrokerLogFile extends FileHandler {
    private static final int ROTATE_AT_BYTES = 16 << 20;
    private static final int FILES_KEPT = 10;

    /** Opens the file; made by {@code java.util.logging} by its name in the logging configuration. */
    public BrokerLogFile() throws IOException {
        super(pattern(), ROTATE_AT_BYTES, FILES_KEPT, true);
        setFormatter(new LineFormatter());
    }

    private static String pattern() {
        String folder = System.getProperty("odradek.log.dir", ".");
        return folder.replace("%", "%%") + "/" + System.getProperty("odradek.log.name", "broker") + ".log%g";
    }
}
