package io.odradek.server;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.Setting;
import io.odradek.core.config.SettingTable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files with secrets that every user of this machine may read. Where files have no such permissions, nothing is known of them. */
final class SecretFiles {
    private static final String KEY_STORE = "ssl.keystore.location";
    private static final String TOKEN = "sasl.oauthbearer.token.endpoint.url";
    private static final String MODULES = "java.security.auth.login.config";

    private SecretFiles() {}

    /**
     * {@return a line for each of the files that settings of the listeners name and everybody may read}
     *
     * @param modules the file that the system property of login modules names, null for none
     */
    static List<String> warnings(BrokerConfig config, String modules) {
        Map<Path, String> files = new TreeMap<>();
        config.given().forEach((name, value) -> {
            boolean named = name.endsWith(KEY_STORE) || name.endsWith(TOKEN) && value.startsWith("file:");
            if (named && !value.isBlank()) {
                add(value, name, files);
            }
        });
        if (modules != null) {
            add(modules, MODULES, files);
        }
        List<String> warnings = new ArrayList<>();
        files.forEach((file, why) -> warn(file, why, warnings));
        return warnings;
    }

    /** {@return a line, if everybody may read the file of a broker's settings and there are secrets in it; else none} */
    static List<String> warnings(Path ofSettings, Map<String, String> settings) {
        List<String> warnings = new ArrayList<>();
        for (String name : settings.keySet()) {
            Setting setting = SettingTable.broker().find(name);
            if (setting != null && setting.sensitive()) {
                warn(ofSettings, name, warnings);
                break;
            }
        }
        return warnings;
    }

    private static void add(String named, String why, Map<Path, String> files) {
        try {
            String path = named.startsWith("=") ? named.substring(1) : named;
            files.putIfAbsent(path.startsWith("file:") ? Path.of(URI.create(path)) : Path.of(path), why);
        } catch (IllegalArgumentException noPath) {
            // Whoever has to read it says so.
        }
    }

    private static void warn(Path file, String why, List<String> warnings) {
        try {
            if (isOpen(file.toRealPath())) {
                warnings.add("Every user of this machine may read " + file + ", in which secrets are (" + why
                        + "): chmod o= " + file);
            }
        } catch (IOException notThere) {
            // Whoever has to read it says so.
        }
    }

    private static boolean isOpen(Path file) throws IOException {
        if (!may(file, PosixFilePermission.OTHERS_READ)) {
            return false;
        }
        for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
            if (!may(folder, PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    private static boolean may(Path file, PosixFilePermission permission) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view != null && view.readAttributes().permissions().contains(permission);
    }
}
