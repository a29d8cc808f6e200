package io.rolehost.runtime.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.http.HttpResponse;
import io.rolehost.runtime.config.HostSettings.EndpointLimits;
import io.rolehost.runtime.config.HostSettings.EndpointSettings;
import io.rolehost.runtime.process.HostileRequests;
import io.rolehost.runtime.process.HostileRequests.Hostile;
import io.rolehost.runtime.process.SystemTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The web role's own listener, which stands behind a proxy that may read a request otherwise. */
@Timeout(60)
final class SmuggledRequestsTest {

  private static final List<String> SERVED = new CopyOnWriteArrayList<>();

  // Opened before the first test.
  @SuppressWarnings("NullAway.Init")
  private static Endpoints endpoints;

  @BeforeAll
  static void open() throws EndpointOpenException {
    endpoints =
        new Endpoints(
            Map.of(
                "http",
                new EndpointSettings(
                    "http", "http", "127.0.0.1", 0, false, false, 1_000, EndpointLimits.USUAL)),
            new SystemTime(),
            _ -> {},
            _ -> _ -> {},
            _ -> HttpLimits.USUAL);
    endpoints
        .get("http")
        .serve(request -> {
          byte[] body = request.body().readAllBytes();
          SERVED.add(request.path());
          return HttpResponse.bytes(200, "application/octet-stream", body);
        });
    endpoints.open();
  }

  @AfterAll
  static void close() {
    endpoints.close();
  }

  static List<Hostile> malformed() {
    return HostileRequests.to("/first", "");
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void request_thatAProxyMayReadOtherwise_isRefusedAndWhatIsBehindIsNotServed(Hostile hostile)
      throws Exception {
    try (RawClient client = new RawClient(endpoints.get("http").port())) {
      client.send(hostile.bytes() + HostileRequests.SECOND);
      client.endOutput();
      RawClient.Answer answer = client.answer();
      assertTrue(List.of(400, 501, 505).contains(answer.status()), hostile + " " + answer.status());
      assertTrue(answer.closes(), hostile.toString());
      assertTrue(client.ended(), hostile.toString());
    }
    assertEquals(List.of(), SERVED);
  }
}
