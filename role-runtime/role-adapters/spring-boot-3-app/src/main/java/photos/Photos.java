package photos;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class Photos {
  private static final Logger LOG = LoggerFactory.getLogger(Photos.class);

  private final ApplicationContext context;
  private final Environment environment;

  Photos(ApplicationContext context, Environment environment) {
    this.context = context;
    this.environment = environment;
    LOG.info("The bean with the photos is made");
  }

  @GetMapping("/")
  String photos() {
    return "photos of " + environment.getProperty("rolehost.instance-id");
  }

  /** Answers late. */
  @GetMapping("/slow")
  String slow(@RequestParam long millis) throws InterruptedException {
    LOG.info("A slow request has begun");
    boolean never = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    return never ? "never" : "slow, but answered";
  }

  @GetMapping("/refuse")
  void refuse() {
    AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
  }

  @GetMapping("/accept")
  void accept() {
    AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
  }

  @GetMapping("/break")
  void breakDown() {
    AvailabilityChangeEvent.publish(context, LivenessState.BROKEN);
  }

  @GetMapping("/exit")
  void exit(@RequestParam int code) {
    new Thread(() -> System.exit(code), "exit").start();
  }
}
