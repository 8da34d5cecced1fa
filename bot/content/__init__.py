"""Content: ``content/vi/*.yaml`` as frozen, validated models. Knows nothing of people, channels or storage."""
