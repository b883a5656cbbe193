"""What operations share while they run. It loads numpy and OpenCV, so operations import it inside of `run`."""
