package io.odradek.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.server.clients.ForeignTool;
import io.odradek.server.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's Chromium without a window, driven by the protocol of WebDriver. */
final class Browser implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> OPTIONS = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process driver;
    private final URI session;

    private Browser(Process driver, URI session) {
        this.driver = driver;
        this.session = session;
    }

    /** Starts one. {@code profile} is a folder that is empty or not there yet. */
    static Browser start(Path profile) throws IOException, InterruptedException {
        String chromium = ForeignTool.command("chromium", "chromium");
        String command = ForeignTool.command("chromedriver", "chromium-driver");
        Process driver = new ProcessBuilder(command, "--port=0")
                .redirectErrorStream(true)
                .start();
        try {
            URI server = URI.create("http://127.0.0.1:" + portOf(driver));
            List<String> arguments = new ArrayList<>(OPTIONS);
            arguments.add("--user-data-dir=" + profile);
            Map<String, Object> capabilities = Json.object(
                    "browserName",
                    "chrome",
                    "goog:chromeOptions",
                    Json.object("binary", chromium, "args", arguments),
                    "goog:loggingPrefs",
                    Json.object("browser", "ALL"));
            Browser asked = new Browser(driver, server);
            JsonObject answer = asked.ask(
                    "POST", "/session", Json.object("capabilities", Json.object("alwaysMatch", capabilities)));
            String id = answer.objectAt("value").stringAt("sessionId");
            return new Browser(driver, URI.create(server + "/session/" + id));
        } catch (IOException | RuntimeException failure) {
            driver.destroyForcibly();
            throw failure;
        }
    }

    private static String portOf(Process driver) throws IOException {
        BufferedReader output = driver.inputReader(UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                return port.group(1);
            }
            said.append(line).append('\n');
        }
        throw new IOException("chromedriver does not start: " + said);
    }

    void open(String address) throws IOException, InterruptedException {
        ask("POST", "/url", Json.object("url", address));
    }

    void size(int width, int height) throws IOException, InterruptedException {
        command(
                "Emulation.setDeviceMetricsOverride",
                Json.object("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    void dark(boolean wanted) throws IOException, InterruptedException {
        Map<String, Object> scheme = Json.object("name", "prefers-color-scheme", "value", wanted ? "dark" : "light");
        command("Emulation.setEmulatedMedia", Json.object("features", List.of(scheme)));
    }

    private void command(String name, Map<String, Object> parameters) throws IOException, InterruptedException {
        ask("POST", "/goog/cdp/execute", Json.object("cmd", name, "params", parameters));
    }

    /** {@return what a script returns: a text, a number, true or false, null} */
    Object run(String script) throws IOException, InterruptedException {
        return ask("POST", "/execute/sync", Json.object("script", script, "args", List.of()))
                .fields()
                .get("value");
    }

    /** {@return what there is to read on the page} */
    String text() throws IOException, InterruptedException {
        return (String) run("return document.body.innerText");
    }

    /** {@return what the browser complained of since it was asked last} */
    List<String> complaints() throws IOException, InterruptedException {
        JsonObject answer = ask("POST", "/se/log", Json.object("type", "browser"));
        return answer.objectsAt("value").stream()
                .map(line -> line.stringAt("message"))
                .toList();
    }

    void screenshot(Path file) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        Files.write(
                file, Base64.getDecoder().decode(ask("GET", "/screenshot", null).stringAt("value")));
    }

    private JsonObject ask(String method, String path, Map<String, Object> body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(session + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(Json.text(body)))
                .build();
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + new String(answer.body(), UTF_8));
        }
        return JsonReader.readObject(answer.body());
    }

    @Override
    public void close() throws IOException {
        try {
            ask("DELETE", "", null);
        } catch (InterruptedException notNow) {
            Thread.currentThread().interrupt();
        } finally {
            driver.destroy();
        }
    }
}
