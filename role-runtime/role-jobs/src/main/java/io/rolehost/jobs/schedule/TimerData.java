package io.rolehost.jobs.schedule;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the timer's row of a schedule carries.
 *
 * @param hash of what makes it tick; a process that knows it in another form leaves it alone
 * @param planned the next tick, in milliseconds since 1970; the row's own time may be later, since
 *     a try that failed moves it
 */
record TimerData(String hash, long planned) {

  /** As JSON, which another build can read. */
  static final class Json implements Serializer {

    private final ObjectMapper mapper = JsonMapper.builder().build();

    @Override
    public byte[] serialize(@Nullable Object data) {
      return data == null
          ? new byte[0]
          : mapper.writeValueAsString(data).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] data) {
      return data == null || data.length == 0 ? null : mapper.readValue(data, type);
    }
  }
}
