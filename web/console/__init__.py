"""The officials' console: pages drawn here, so that an old office computer has little to do, and
made livelier by scripts that may also be missing. It asks the same functions of `reports` as the
API, in process, and adds no rule of its own.
"""
