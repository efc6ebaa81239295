package io.odradek.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The files of the page. */
final class PageFiles {
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "page.css", "text/css; charset=utf-8",
            "page.js", SCRIPT,
            "parts.js", SCRIPT,
            "topics.js", SCRIPT,
            "groups.js", SCRIPT,
            "others.js", SCRIPT,
            "icon.svg", "image/svg+xml");

    private PageFiles() {}

    /** {@return whether the page has a file of this name} */
    static boolean has(String name) {
        return TYPES.containsKey(name);
    }

    /** {@return a file that it has} */
    static Answer file(String name) throws IOException {
        try (InputStream file = PageFiles.class.getResourceAsStream("page/" + name)) {
            if (file == null) {
                throw new IOException("The page's " + name + " is missing in the jar");
            }
            return new Answer(200, TYPES.get(name), file.readAllBytes(), Map.of());
        }
    }
}
