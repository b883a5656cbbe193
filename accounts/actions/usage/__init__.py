"""Usage of the API, counted in memory and written to days every few seconds.

A call costs one addition in memory. A background thread writes what has gathered; so does the end of the process.
"""

from accounts.actions.usage.counting import flush, forget, note
from accounts.actions.usage.days import add_credits
from accounts.actions.usage.rollups import roll_up, roll_up_now_and_then

__all__ = ["add_credits", "flush", "forget", "note", "roll_up", "roll_up_now_and_then"]
