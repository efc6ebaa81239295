package io.odradek.core.engine;

import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.request.EnvelopeHandler;
import io.odradek.core.request.RequestDispatcher;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.request.SaslAuthenticateHandler;
import io.odradek.core.request.SaslHandshakeHandler;
import io.odradek.core.request.security.AlterClientQuotasHandler;
import io.odradek.core.request.security.AlterUserScramCredentialsHandler;
import io.odradek.core.request.security.DescribeClientQuotasHandler;
import io.odradek.core.request.security.DescribeUserScramCredentialsHandler;
import io.odradek.protocol.api.ApiKey;
import io.odradek.storage.env.EventLoop;
import java.util.function.Supplier;

/**
 * Makes the handlers of those APIs by which clients show who they are, and operators say who may do what and how much of it.
 *
 * @param clients what is set for users, client ids and addresses
 * @param access asks who may; null for a broker that serves everybody
 * @param tokens the delegation tokens; null for a broker that has none
 * @param environment all that the broker does not bring itself
 */
record SecurityHandlers(
        Supplier<ClientConfigs> clients, EngineAccess access, EngineTokens tokens, EngineEnvironment environment)
        implements RequestDispatcher.HandlerMaker {
    /** {@return the handler of an API; null for an API of another kind} */
    @Override
    public RequestHandler<?> make(ApiKey api) {
        EventLoop loop = environment.loops().cluster();
        return switch (api) {
            case ENVELOPE -> new EnvelopeHandler();
            case SASL_HANDSHAKE -> new SaslHandshakeHandler();
            case SASL_AUTHENTICATE -> new SaslAuthenticateHandler();
            case DESCRIBE_USER_SCRAM_CREDENTIALS -> new DescribeUserScramCredentialsHandler(clients.get());
            case ALTER_USER_SCRAM_CREDENTIALS -> new AlterUserScramCredentialsHandler(clients.get(), loop);
            case DESCRIBE_CLIENT_QUOTAS -> new DescribeClientQuotasHandler(clients.get());
            case ALTER_CLIENT_QUOTAS -> new AlterClientQuotasHandler(clients.get(), loop, hosts());
            case DESCRIBE_ACLS, CREATE_ACLS, DELETE_ACLS -> EngineAccess.acls(api, access);
            case CREATE_DELEGATION_TOKEN, RENEW_DELEGATION_TOKEN, EXPIRE_DELEGATION_TOKEN, DESCRIBE_DELEGATION_TOKEN ->
                EngineTokens.handler(api, tokens, access, loop);
            default -> null;
        };
    }

    private AlterClientQuotasHandler.Hosts hosts() {
        return new AlterClientQuotasHandler.Hosts(
                host -> environment.brokers().lookUp(host) != null,
                environment.loops().blocking());
    }
}
