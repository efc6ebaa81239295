package io.odradek.server.quota;

import io.odradek.protocol.api.AlterClientQuotasRequest;
import io.odradek.protocol.api.AlterClientQuotasRequest.EntityData;
import io.odradek.protocol.api.AlterClientQuotasRequest.EntryData;
import io.odradek.protocol.api.AlterClientQuotasRequest.OpData;
import io.odradek.protocol.api.AlterClientQuotasResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Sets quotas of a broker, whoever's it is, whatever the client knows of them. */
final class SetQuotas implements AutoCloseable {
    private final RawClient client;

    /** @param bootstrapServers one broker */
    SetQuotas(String bootstrapServers) throws IOException {
        int colon = bootstrapServers.lastIndexOf(':');
        client = new RawClient(new InetSocketAddress(
                bootstrapServers.substring(0, colon), Integer.parseInt(bootstrapServers.substring(colon + 1))));
    }

    /** Sets one. @param entity types and names in turn, a name of null is the default */
    void set(String key, double value, String... entity) throws IOException {
        List<EntityData> parts = new ArrayList<>();
        for (int i = 0; i < entity.length; i += 2) {
            parts.add(new EntityData(entity[i], entity[i + 1]));
        }
        AlterClientQuotasRequest request = new AlterClientQuotasRequest(
                List.of(new EntryData(parts, List.of(new OpData(key, value, false)))), false);
        AlterClientQuotasResponse answer = client.ask(request, 0, AlterClientQuotasResponse.class);
        if (answer.entries().get(0).errorCode() != ErrorCode.NONE) {
            throw new IOException("Not set: " + answer);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
