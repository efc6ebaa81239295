package io.odradek.core.request.security;

import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.config.dynamic.QuotaKey;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.DescribeClientQuotasRequest;
import io.odradek.protocol.api.DescribeClientQuotasResponse;
import io.odradek.protocol.api.DescribeClientQuotasResponse.EntityData;
import io.odradek.protocol.api.DescribeClientQuotasResponse.EntryData;
import io.odradek.protocol.api.DescribeClientQuotasResponse.ValueData;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * DescribeClientQuotas 0 to 1: the quotas of those users, client ids and addresses that a filter lets through. What is stored and
 * is no number is left out.
 *
 * <p>Errors: INVALID_REQUEST for a filter that names something twice, goes by addresses and by something else, or by what there is
 * not; UNSUPPORTED_VERSION for one by other entities.
 */
public final class DescribeClientQuotasHandler implements RequestHandler<DescribeClientQuotasRequest> {
    private final ClientConfigs clients;

    /** @param clients knows the quotas */
    public DescribeClientQuotasHandler(ClientConfigs clients) {
        this.clients = clients;
    }

    @Override
    public void handle(DescribeClientQuotasRequest request, RequestContext context) {
        QuotaFilter filter;
        try {
            filter = QuotaFilter.of(request);
        } catch (ApiException refusal) {
            context.respond(new DescribeClientQuotasResponse(refusal.error(), refusal.getMessage(), null));
            return;
        }
        List<EntryData> entries = new ArrayList<>();
        clients.all().forEach((entity, settings) -> {
            List<ValueData> quotas = filter.matches(entity) ? quotas(entity, settings) : List.of();
            if (!quotas.isEmpty()) {
                entries.add(new EntryData(parts(entity), quotas));
            }
        });
        context.respond(new DescribeClientQuotasResponse(ErrorCode.NONE, null, entries));
    }

    private static List<ValueData> quotas(ClientEntity entity, SortedMap<String, String> settings) {
        List<ValueData> quotas = new ArrayList<>();
        settings.forEach((key, value) -> {
            if (QuotaKey.of(key, entity) != null) {
                try {
                    quotas.add(new ValueData(key, Double.parseDouble(value)));
                } catch (NumberFormatException noNumber) {
                    // Nothing comes of it.
                }
            }
        });
        return quotas;
    }

    private static List<EntityData> parts(ClientEntity entity) {
        List<EntityData> parts = new ArrayList<>();
        add(parts, QuotaFilter.USER, entity.user());
        add(parts, QuotaFilter.CLIENT_ID, entity.clientId());
        add(parts, QuotaFilter.IP, entity.ip());
        return parts;
    }

    private static void add(List<EntityData> parts, String type, String name) {
        if (name != null) {
            parts.add(new EntityData(type, name.equals(ClientEntity.DEFAULT) ? null : name));
        }
    }
}
