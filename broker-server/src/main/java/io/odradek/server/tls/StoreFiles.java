package io.odradek.server.tls;

import io.odradek.core.config.ListenerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * What the files of a listener's stores looked like at one time: two that are equal have the same content, as far as can be told
 * without reading it.
 */
record StoreFiles(List<String> looks) {
    private static final List<String> SETTINGS = List.of("ssl.keystore.location", "ssl.truststore.location");

    static StoreFiles of(ListenerSettings settings) {
        List<String> looks = new ArrayList<>();
        for (String setting : SETTINGS) {
            String location = settings.text(setting);
            if (location != null) {
                looks.add(look(Path.of(location)));
            }
        }
        return new StoreFiles(List.copyOf(looks));
    }

    private static String look(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
        } catch (IOException e) {
            return "unreadable";
        }
    }
}
