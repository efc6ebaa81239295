package io.odradek.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.server.embedded.EmbeddedCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A client of an admin listener. */
final class AdminClient {
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();
    private final URI address;

    AdminClient(URI address) {
        this.address = address;
    }

    static AdminClient of(EmbeddedCluster cluster, int broker) {
        return new AdminClient(cluster.broker(broker).adminAddresses().get(0));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path);
    }

    HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(60))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** {@return what the API answers with status 200} */
    JsonObject api(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/api" + path);
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JsonReader.readObject(answer.body().getBytes(UTF_8));
    }
}
