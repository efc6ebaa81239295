package io.odradek.server.oldclients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.clients.ForeignTool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * nginx that writes with lua-resty-kafka, in each version of Produce that it has the header of right. No package has it, so this is by hand, with
 * {@code -Dlua.resty.kafka=/path/to/lua-resty-kafka/lib}.
 */
@EnabledIfSystemProperty(named = "lua.resty.kafka", matches = ".+")
@Timeout(120)
class LuaRestyKafkaTest {
    private static final int COUNT = 500;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void nginxWritesInEachVersionOfProduce() throws Exception {
        String nginx = ForeignTool.command("nginx", "libnginx-mod-http-lua");
        try (OldClientsBed bed = OldClientsBed.start(folder.resolve("broker"))) {
            try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bed.servers()))) {
                admin.createTopics(List.of(new NewTopic("t", 2, (short) 1)))
                        .all()
                        .get();
            }
            int port = freePort();
            Process process = new ProcessBuilder(
                            nginx, "-c", settings(bed.servers(), port).toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("nginx.out").toFile())
                    .start();
            try {
                await().atMost(LIMIT)
                        .ignoreExceptions()
                        .until(() -> get(port, "/sync?version=1&count=0").equals("ok\n"));
                List<String> written = new ArrayList<>();
                for (String kind : List.of("sync", "async")) {
                    for (int version = 1; version <= 2; version++) {
                        assertThat(get(port, "/" + kind + "?version=" + version + "&count=" + COUNT))
                                .as("%s %d %s", kind, version, Files.readString(folder.resolve("nginx.out")))
                                .isEqualTo("ok\n");
                        for (int i = 0; i < COUNT; i++) {
                            written.add(kind + "-" + version + "-" + i);
                        }
                    }
                }
                await().atMost(LIMIT)
                        .untilAsserted(() ->
                                assertThat(bed.read("t", record -> {})).containsExactlyInAnyOrderElementsOf(written));
            } finally {
                process.destroy();
                process.waitFor();
            }
        }
    }

    private Path settings(String servers, int port) throws IOException {
        String template = Files.readString(Path.of("src", "test", "clients", "lua-resty-kafka.conf"), UTF_8)
                .replace("@MODULES@", "/usr/lib/nginx/modules")
                .replace("@FOLDER@", folder.toString())
                .replace("@LIBRARY@", System.getProperty("lua.resty.kafka"))
                .replace("@LISTEN@", Integer.toString(port))
                .replace("@BROKER@", servers.substring(servers.lastIndexOf(':') + 1));
        return Files.writeString(folder.resolve("nginx.conf"), template);
    }

    private String get(int port, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return http.send(HttpRequest.newBuilder(uri).timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
