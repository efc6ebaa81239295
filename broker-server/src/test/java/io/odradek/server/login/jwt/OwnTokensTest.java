package io.odradek.server.login.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.security.oauth.UnsecuredTokens;
import io.odradek.core.security.sasl.SaslRefusedException;
import io.odradek.server.env.MovableClock;
import io.odradek.server.env.PlainRandoms;
import io.odradek.storage.env.Guests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where a broker's own tokens come from, and when. */
@Timeout(60)
class OwnTokensTest {
    private static final long HOUR_MS = 3_600_000;

    @TempDir
    private Path folder;

    private final MovableClock clock = MovableClock.fromNow();
    private final Guests guests = new Guests(clock, new PlainRandoms());
    private boolean away;
    private int fetched;

    private OwnTokens own() {
        return new OwnTokens(
                () -> {
                    if (away) {
                        throw new IOException("away");
                    }
                    return token("broker-" + ++fetched);
                },
                "here",
                new OwnTokens.Pace(0.8, 0.05, 60_000, 300_000, 100, 10_000),
                guests,
                Runnable::run);
    }

    private String token(String user) {
        return UnsecuredTokens.token(user, clock.wallMs(), clock.wallMs() + HOUR_MS);
    }

    private void pass(long minutes) {
        clock.forward(TimeUnit.MINUTES.toNanos(minutes));
    }

    @Test
    void oneIsFetchedWhenMostOfTheLifeOfTheOneBeforeIsOver() {
        OwnTokens own = own();
        String first = own.token();
        pass(47);
        assertThat(own.token()).isEqualTo(first);
        pass(6);

        assertThat(own.token()).isNotEqualTo(first);
        assertThat(fetched).isEqualTo(2);
    }

    @Test
    void theOldOneIsShownForAsLongAsItIsValidIfThereIsNoOther() {
        OwnTokens own = own();
        String first = own.token();
        away = true;
        pass(55);
        assertThat(own.token()).isEqualTo(first);
        pass(6);
        assertThatThrownBy(own::token).isInstanceOf(SaslRefusedException.class).hasMessageContaining("from here");

        away = false;
        pass(1);
        assertThat(own.token()).isNotEqualTo(first);
    }

    @Test
    void theLastMinutesAndTheFirstAreKept() {
        OwnTokens.Pace pace = new OwnTokens.Pace(0.8, 0.05, 60_000, 300_000, 100, 10_000);

        assertThat(pace.refreshAtMs(0, 10_000_000, 0)).isEqualTo(8_000_000);
        assertThat(pace.refreshAtMs(0, 10_000_000, 1)).isEqualTo(8_500_000);
        assertThat(pace.refreshAtMs(0, 1_000_000, 0)).isEqualTo(700_000);
        assertThat(pace.refreshAtMs(0, 361_000, 0)).isEqualTo(61_000);
        assertThat(pace.refreshAtMs(0, 10_000, 0)).isEqualTo(8_000);
    }

    private OwnTokens of(String url, Map<String, String> options) {
        return OwnTokens.of(
                BrokerConfig.of(new TreeMap<>(Map.of(OwnTokens.URL, url))).ofListener("L"),
                options,
                guests,
                Runnable::run);
    }

    @Test
    void theyComeFromAFile() throws IOException {
        String token = token("file");
        Path file = Files.writeString(folder.resolve("token"), token + "\n");

        assertThat(of(file.toUri().toString(), Map.of()).token()).isEqualTo(token);
    }

    @Test
    void whatIsNoTokenIsNotShown() throws IOException {
        for (String bad :
                new String[] {"", "a", "a.b.c", "a." + base64("{}") + ".", "a." + base64("{\"exp\":1}") + "."}) {
            Path file = Files.writeString(folder.resolve("token"), bad);

            assertThatThrownBy(of(file.toUri().toString(), Map.of())::token).isInstanceOf(SaslRefusedException.class);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    @Test
    void theyAreGivenOutForASecret() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String right = "Basic " + Base64.getEncoder().encodeToString("broker:its secret".getBytes(UTF_8));
        server.createContext("/token", exchange -> {
            String asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            boolean may = right.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                    && asked.equals("grant_type=client_credentials&scope=all+brokers")
                    && exchange.getRequestMethod().equals("POST");
            byte[] answer =
                    ("{\"token_type\":\"bearer\",\"access_token\":\"" + token("server") + "\"}").getBytes(UTF_8);
            exchange.sendResponseHeaders(may ? 200 : 401, may ? answer.length : -1);
            exchange.getResponseBody().write(may ? answer : new byte[0]);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
            Map<String, String> options =
                    new TreeMap<>(Map.of("clientId", "broker", "clientSecret", "its secret", "scope", "all brokers"));
            assertThat(of(url, options).token()).startsWith(token("server").substring(0, 20));

            options.put("clientSecret", "guessed");
            assertThatThrownBy(of(url, options)::token).isInstanceOf(SaslRefusedException.class);
            options.remove("clientSecret");
            assertThatThrownBy(() -> of(url, options))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("has no clientSecret");
        } finally {
            server.stop(0);
        }
    }
}
