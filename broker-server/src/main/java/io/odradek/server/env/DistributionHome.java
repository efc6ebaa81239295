package io.odradek.server.env;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the distribution is that a program was started from, which its scripts say. Relative folders in the configuration files
 * that come with it, below {@code config}, are below its home, or the folder that its scripts were told for what it keeps, so
 * that its data does not depend on where one stands. In all other files, and on the command line, they are below the folder
 * that the program is started in, as with Kafka.
 */
public final class DistributionHome {
    private static final Logger LOG = LoggerFactory.getLogger(DistributionHome.class);
    private static final String PROPERTY = "odradek.home";
    private static final String STATE_PROPERTY = "odradek.state.dir";

    private DistributionHome() {}

    /** {@return where a folder is that a configuration file names} */
    public static Path folder(Path file, String named) {
        String home = System.getProperty(PROPERTY);
        Path here = Path.of(named);
        if (home == null || here.isAbsolute() || !comesWith(file, Path.of(home))) {
            return here;
        }
        Path below = Path.of(System.getProperty(STATE_PROPERTY, home)).resolve(named);
        if (Files.exists(here) && !Files.exists(below)) {
            LOG.warn(
                    "There is a folder {}, which is not used: {} says {}, below the distribution",
                    here.toAbsolutePath(),
                    file,
                    below);
        }
        return below;
    }

    /** As {@link #folder}, for a comma-separated list. */
    public static String folders(Path file, String named) {
        List<String> folders = new ArrayList<>();
        for (String folder : named.split(",")) {
            folders.add(folder.isBlank() ? folder : folder(file, folder.trim()).toString());
        }
        return String.join(",", folders);
    }

    private static boolean comesWith(Path file, Path home) {
        try {
            return Files.isSameFile(file.toAbsolutePath().getParent(), home.resolve("config"));
        } catch (IOException notThere) {
            return false;
        }
    }
}
