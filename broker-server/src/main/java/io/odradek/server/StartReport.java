package io.odradek.server;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.server.net.NetworkServer;
import io.odradek.storage.checkpoint.BrokerMetadataFile;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the log says of a process before it starts its broker: what runs on what, with which settings, within which limits. */
final class StartReport {
    private static final long BYTES_PER_MIB = 1 << 20;

    private StartReport() {}

    /** {@return the lines, as they are before a port or a folder is taken} */
    static List<String> lines(BrokerConfig config, MemoryAccount memory, String version) {
        List<String> lines = new ArrayList<>();
        lines.add(version + " on Java " + System.getProperty("java.runtime.version") + " ("
                + System.getProperty("java.vm.name") + ", " + System.getProperty("java.home") + "), "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch") + ", in " + System.getProperty("user.dir"));
        lines.add("Limits: " + mib(Runtime.getRuntime().maxMemory()) + " of heap, "
                + mib(NetworkServer.mostDirectBytes()) + " of direct memory, "
                + Runtime.getRuntime().availableProcessors() + " processors, requests of up to "
                + Math.min(
                        config.int32("socket.request.max.bytes"), NetworkServer.largestRequestHeldBytes(config, memory))
                + " bytes");
        for (String named : config.logDirs()) {
            File folder = new File(named).getAbsoluteFile();
            File disk = existing(folder);
            lines.add("Log folder " + folder + ": " + mib(disk.getUsableSpace()) + " free of "
                    + mib(disk.getTotalSpace())
                    + (new File(folder, BrokerMetadataFile.NAME).exists() ? "" : ", and is new"));
        }
        lines.add("Settings that differ from their defaults:" + settings(config.changes()));
        return lines;
    }

    private static String settings(Map<String, String> changes) {
        StringBuilder settings = new StringBuilder();
        changes.forEach((name, value) -> settings.append(settings.length() == 0 ? " " : ", ")
                .append(name)
                .append('=')
                .append(value));
        return settings.length() == 0 ? " none" : settings.toString();
    }

    /** A folder that is created later is on the disk of the one above it. */
    private static File existing(File folder) {
        File existing = folder;
        while (!existing.exists() && existing.getParentFile() != null) {
            existing = existing.getParentFile();
        }
        return existing;
    }

    private static String mib(long bytes) {
        return bytes / BYTES_PER_MIB + " MiB";
    }
}
