package io.odradek.server;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who started the program, if that wants to be told when it serves: systemd does, of a service of the type notify. Its own tool
 * tells it, as Java has no sockets of that kind.
 */
final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final int TOLD_WITHIN_SECONDS = 10;

    private ServiceManager() {}

    /** @param socket where it listens, null if it does not */
    static void tellReady(String socket) {
        if (socket == null) {
            return;
        }
        try {
            Process tool = new ProcessBuilder("systemd-notify", "--ready")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!tool.waitFor(TOLD_WITHIN_SECONDS, TimeUnit.SECONDS) || tool.exitValue() != 0) {
                LOG.warn("systemd-notify has not told {} that the broker serves", socket);
            }
        } catch (IOException missing) {
            LOG.warn("{} is not told that the broker serves: {}", socket, missing.getMessage());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
