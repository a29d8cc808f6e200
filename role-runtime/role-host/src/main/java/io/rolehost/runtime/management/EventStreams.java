package io.rolehost.runtime.management;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.rolehost.runtime.config.Json;
import io.rolehost.runtime.journal.JournalEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The open event streams. The host's thread only leaves a note that something happened; the plane's
 * thread then reads on from the journal for each stream, as far as its reader keeps up. So a stream
 * has a place in the journal and no queue of its own.
 *
 * <p>Of the plane's thread, apart from what {@link #noted} says.
 */
final class EventStreams {

  private static final int KEEP_ALIVE_SECONDS = 15;

  /** What one turn sends, so that a long replay does not delay a probe. */
  private static final int ENTRIES_A_TURN = 64;

  private final Managed view;
  private final EventLoop loop;
  private final Map<Channel, Long> places = new HashMap<>();
  private final AtomicBoolean noted = new AtomicBoolean();
  private final AutoCloseable subscription;

  EventStreams(Managed view, EventLoop loop) {
    this.view = view;
    this.loop = loop;
    this.subscription = view.onEvent(_ -> noted());
    var _ =
        loop.scheduleWithFixedDelay(
            this::keepAlive, KEEP_ALIVE_SECONDS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
  }

  /** Leaves a note that there is something to send. Any thread; never waits. */
  private void noted() {
    if (noted.compareAndSet(false, true)) {
      try {
        loop.execute(this::sendAll);
      } catch (RejectedExecutionException _) {
        // The plane is down.
      }
    }
  }

  /** Starts to send to a channel whose response headers are written. */
  void add(Channel channel, OptionalLong lastEventId) {
    places.put(channel, start(lastEventId));
    write(channel, "retry: 1000\n\n");
    send(channel, ENTRIES_A_TURN);
    channel.flush();
  }

  void remove(Channel channel) {
    places.remove(channel);
  }

  /** Goes on after the reader made room. */
  void resume(Channel channel) {
    send(channel, ENTRIES_A_TURN);
    channel.flush();
  }

  /** Sends what is left and sends no more. */
  void end() {
    try {
      subscription.close();
    } catch (Exception e) {
      throw new IllegalStateException("Managed says that closing its handle throws nothing", e);
    }
    for (Channel channel : List.copyOf(places.keySet())) {
      send(channel, Integer.MAX_VALUE);
      channel.flush();
    }
    places.clear();
  }

  private long start(OptionalLong lastEventId) {
    if (lastEventId.isEmpty()) {
      List<JournalEntry> kept = view.eventsAfter(-1);
      return kept.isEmpty() ? -1 : kept.getLast().sequence();
    }
    long id = lastEventId.getAsLong();
    if (id == 0) {
      return view.beforeFirstEvent(); // all there is, and no gap before it
    }
    // An id that was never given is of a state directory that is gone: begin again.
    boolean known =
        id < 0 || !view.eventsAfter(id).isEmpty() || !view.eventsAfter(id - 1).isEmpty();
    return known ? id : view.beforeFirstEvent();
  }

  private void sendAll() {
    noted.set(false);
    for (Channel channel : List.copyOf(places.keySet())) {
      send(channel, ENTRIES_A_TURN);
      channel.flush();
    }
  }

  private void send(Channel channel, int most) {
    Long place = places.get(channel);
    if (place == null || !channel.isWritable()) {
      return;
    }
    List<JournalEntry> entries = view.eventsAfter(place);
    if (entries.isEmpty()) {
      return;
    }
    long last = place;
    if (place >= 0 && entries.getFirst().sequence() > place + 1) {
      write(channel, gap(place + 1, entries.getFirst().sequence() - 1));
    }
    int sent = 0;
    for (JournalEntry entry : entries) {
      if (!channel.isWritable() || sent == most) {
        break;
      }
      write(channel, event(entry));
      last = entry.sequence();
      sent++;
    }
    places.put(channel, last);
    if (sent == most) {
      noted();
    }
  }

  private void keepAlive() {
    for (Channel channel : new ArrayList<>(places.keySet())) {
      if (channel.isWritable()) {
        write(channel, ":\n\n");
      }
    }
    sendAll();
  }

  private static void write(Channel channel, String text) {
    var _ = channel.write(ByteBufUtil.writeUtf8(channel.alloc(), text), channel.voidPromise());
  }

  static String event(JournalEntry entry) {
    return "id: "
        + entry.sequence()
        + "\nevent: "
        + entry.type().replaceAll("\\s", "-")
        + "\ndata: "
        + Json.render(Answers.json(entry))
        + "\n\n";
  }

  private static String gap(long first, long last) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("first", first);
    data.put("last", last);
    data.put("cause", "these events are no longer kept");
    return "event: gap\ndata: " + Json.render(data) + "\n\n";
  }
}
